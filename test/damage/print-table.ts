// Prints the table of damages that README.md shows. Run it with `npm run damage-table`.
import { damageTable } from './table.ts'

console.log((await damageTable()).join('\n'))
