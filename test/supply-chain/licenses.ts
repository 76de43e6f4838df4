// Prints every package that framewalk uses, with its version, its license and where it is used. Usage: npm run licenses
import { packages } from './packages.ts'

for (const { name, version, license, use } of packages())
  console.log(`${name}\t${version}\t${license}\t${use}`)
