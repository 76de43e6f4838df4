// Replaces the package string-width in the bundled command line (esbuild.config.js). yargs asks it for the width of help texts.
export { displayWidth as default } from '../../render/text/width.ts'
