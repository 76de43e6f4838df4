// Stands for the package string-width, of which yargs asks the width of its help texts, in the bundled command line (esbuild.config.js).
export { displayWidth as default } from '../../render/text/width.ts'
