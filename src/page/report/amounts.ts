// Amounts as people read them. Times are nanoseconds.
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** `1 536 B` is `1.5 KiB`. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}

/** With a thin space between groups of three digits, which is read as one number in every language. */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** `12.4 ms`, `3.204 s`, `1 h 02 min`. */
export function durationText(nanoseconds: number): string {
  const milliseconds = nanoseconds / 1e6
  if (milliseconds < 0.1) return `${(nanoseconds / 1e3).toFixed(nanoseconds < 1e4 ? 1 : 0)} µs`
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 120) return `${seconds.toFixed(3)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** Seconds with six decimals, cut: a frame is never shown later than it was. '' if unknown. */
export function secondsText(nanoseconds: number): string {
  if (Number.isNaN(nanoseconds)) return ''
  const micros = Math.floor(nanoseconds / 1e3)
  const sign = micros < 0 ? '-' : ''
  const whole = Math.abs(micros)
  return `${sign}${Math.floor(whole / 1e6)}.${String(whole % 1e6).padStart(6, '0')}`
}

/** `7.`, `9–12.` as packets are named. */
export function packetsText(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`
}
