import { texts } from '../texts/texts.ts'

const KIBI = 1024
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** Bytes for people: `1.4 GB`. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= KIBI && unit < UNITS.length - 1) {
    value /= KIBI
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${Number(value.toFixed(digits))} ${UNITS[unit] ?? ''}`
}

/** A file with its folder, of a path with slashes of either kind: `shoot/three.mp4`. */
export function placeText(path: string): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..')
  return parts.slice(-2).join('/')
}

/** A duration for people, in the two largest units: `1 min 50 s`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const { hour, minute, second } = texts.units
  if (whole < 60) return `${whole} ${second}`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60)
    return whole % 60 === 0 ? `${minutes} ${minute}` : `${minutes} ${minute} ${whole % 60} ${second}`
  const hours = Math.floor(minutes / 60)
  return minutes % 60 === 0 ? `${hours} ${hour}` : `${hours} ${hour} ${minutes % 60} ${minute}`
}

/** A place in a film to the millisecond: `00:02.803`, with hours from one hour on. */
export function timeText(seconds: number): string {
  const sign = seconds < 0 ? '−' : ''
  const milliseconds = Math.round(Math.abs(seconds) * 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(milliseconds / 60_000)
  const rest = `${two(Math.floor(milliseconds / 1000) % 60)}.${String(milliseconds % 1000).padStart(3, '0')}`
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${sign}${two(minutes)}:${rest}` : `${sign}${hours}:${two(minutes % 60)}:${rest}`
}

/** A share from 0 to 1 with two digits: `0.94`. */
export function scoreText(score: number): string {
  return score.toFixed(2)
}

/** How long ago an instant was, roughly. */
export function agoText(instant: number, now: number): string {
  const minutes = Math.floor((now - instant) / 60_000)
  const { ago } = texts
  if (minutes < 1) return ago.now
  if (minutes < 60) return ago.minutes(minutes)
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return ago.hours(hours)
  const days = Math.floor(hours / 24)
  return days < 30 ? ago.days(days) : new Date(instant).toLocaleDateString('en-GB')
}

/** A number of things with spaces between thousands: `12 000`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US').replaceAll(',', ' ')
}
