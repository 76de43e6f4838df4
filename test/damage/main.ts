// Prints the table of damages that test/damage/README.md shows. Run it with `npm run damage`.
import { damageTable } from './table.ts'

console.log((await damageTable()).join('\n'))
