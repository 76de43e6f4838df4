// Amounts in words: counts, bytes, places.
import type { Endpoint } from '../../base/events.ts'

/** `1 frame`, `12,345 frames`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${digits(number)} ${number === 1 ? noun : plural}`
}

/** Whole numbers with a comma between thousands. */
export function digits(number: number | bigint): string {
  return number.toString().replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A number of bytes in at most 7 columns: `999999`, `1.5 MiB`. */
export function shortBytes(bytes: number): string {
  if (bytes < 1e6) return String(bytes)
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let unit = -1
  let amount = bytes
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1024
    unit += 1
  }
  return `${amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0)} ${units[unit]}`
}

/** A whole number in at most `columns` columns. If its digits do not fit, its size: `9.2e18`. */
export function shortNumber(number: number | bigint, columns: number): string {
  const text = number.toString()
  return text.length <= columns ? text : Number(number).toExponential(1).replace('+', '')
}

/** `127.0.0.1:8765`, `[::1]:8765`. */
export function endpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** `packet 4`, `packets 4 to 6`. */
export function packetRange(first: number, last: number): string {
  return first === last ? `packet ${first}` : `packets ${first} to ${last}`
}
