// Prints the README's table of damages. Run it with `npm run damage`.
import { damageTable } from './table.ts'

console.log((await damageTable()).join('\n'))
