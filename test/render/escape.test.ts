import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { escapeBytes, escapeText, escapeUtf8 } from '../../src/render/text/escape.ts'
import { displayWidth } from '../../src/render/text/width.ts'
import { hostileBytes, hostileText } from '../support/builders/arbitrary-events.ts'
import { timesAsLong } from '../support/drivers/processor-time.ts'
import { UNSAFE_ON_A_SCREEN } from '../support/drivers/rendering.ts'

describe('text on its way to a screen', () => {
  it('everyday text is shown as it is', () => {
    for (const text of [
      '',
      'hello',
      'a\\b "c"',
      '服务器回应: 111',
      'naïve café',
      'Привет',
      'e\u0301',
      '👍🏽',
      '❤️',
      '🇩🇪',
      'क्षि',
      '한국어',
    ]) {
      expect(escapeText(text)).toBe(text)
    }
  })

  it('what would move the cursor, change colours or end the line is spelled out', () => {
    expect(escapeText('a\nb\tc\rd')).toBe('a\\nb\\tc\\rd')
    expect(escapeText('\x1b[31mred\x07\0')).toBe('\\x1b[31mred\\x07\\x00')
    expect(escapeText('\x7f\u009b5m')).toBe('\\x7f\\u{9b}5m')
  })

  it('what reorders or hides its neighbours is spelled out', () => {
    expect(escapeText('\u202egnp.exe\u202c')).toBe('\\u{202e}gnp.exe\\u{202c}')
    expect(escapeText('a\u200bb\ufeffc\u2028d\u2066e')).toBe('a\\u{200b}b\\u{feff}c\\u{2028}d\\u{2066}e')
    expect(escapeText('x\u{e0041}y\u3164')).toBe('x\\u{e0041}y\\u{3164}')
    expect(escapeText('👩‍💻')).toBe('👩\\u{200d}💻')
  })

  it('halves of surrogate pairs are spelled out', () => {
    expect(escapeText('a\ud83d')).toBe('a\\u{d83d}')
    expect(escapeText('\udc00b')).toBe('\\u{dc00}b')
  })

  it('a flood of accents stays on its line, and one without a letter below it off its neighbour', () => {
    expect(escapeText(`e${'\u0301'.repeat(9)}x`)).toBe(`e${'\u0301'.repeat(7)}\\u{301}\\u{301}x`)
    expect(escapeText('\u0301x')).toBe('\\u{301}x')
  })

  it('text is cut at the width, between what a reader sees as characters and never within an escape', () => {
    expect(escapeText('hello', 5)).toBe('hello')
    expect(escapeText('hello!', 5)).toBe('hell…')
    expect(escapeText('服务器', 5)).toBe('服务…')
    expect(escapeText('服务器', 4)).toBe('服…')
    expect(escapeText('ab\x1b[31m', 5)).toBe('ab…')
    expect(escapeText('abe\u0301\u0301', 2)).toBe('a…')
    expect(escapeText('x👍🏽y', 3)).toBe('x…')
    expect(escapeText('abc', 1)).toBe('…')
    expect(escapeText('abc', 0)).toBe('')
  })

  it('escaped text of any kind holds nothing that a screen would obey, and is never wider than the width', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 0, max: 60 }), (text, columns) => {
        const shown = escapeText(text, columns)
        expect(shown).not.toMatch(UNSAFE_ON_A_SCREEN)
        expect(displayWidth(shown)).toBeLessThanOrEqual(columns)
        expect(escapeText(shown, columns)).toBe(shown)
      }),
      { numRuns: 2000 },
    )
  })

  it('a text that fits loses nothing', () => {
    const spelled: Record<string, string> = { n: '\n', r: '\r', t: '\t' }
    fc.assert(
      fc.property(hostileText, (text) => {
        fc.pre(!text.includes('\\'))
        const back = escapeText(text, 20_000).replace(
          /\\(?:([nrt])|x(..)|u\{(\w+)\})/g,
          (_, letter, two, more) => spelled[letter] ?? String.fromCodePoint(Number.parseInt(two ?? more, 16)),
        )
        expect(back).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('only what does not fit is cut', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = escapeText(text, 5000)
        fc.pre(displayWidth(shown) < 60)
        expect(escapeText(text, displayWidth(shown))).toBe(shown)
      }),
    )
  })

  it('only the first of a huge text is looked at', async () => {
    for (const unit of ['x', '\0', '服', '\u0301', '👍🏽']) {
      const escaping = (text: string) => () => {
        for (let n = 0; n < 100; n++) expect(displayWidth(escapeText(text, 100))).toBeLessThanOrEqual(100)
      }
      const ratio = await timesAsLong(escaping(unit.repeat(1_000_000)), escaping(unit.repeat(5000)))
      expect(ratio).toBeLessThan(10)
    }
  })
})

describe('bytes on their way to a screen', () => {
  it('UTF-8 is shown as text, and other bytes as U+FFFD', () => {
    expect(escapeUtf8(new TextEncoder().encode('服务器回应: 111'), 40)).toBe('服务器回应: 111')
    expect(escapeUtf8(Uint8Array.of(0x61, 0xff, 0x62), 40)).toBe('a\ufffdb')
  })

  it('escaped bytes say that text goes on, however little of it was looked at', () => {
    const flood = new TextEncoder().encode(`e${'\u0301'.repeat(100_000)}`)
    expect(escapeUtf8(flood, 20)).toMatch(/…$/)
    const chinese = new TextEncoder().encode('服'.repeat(10_000))
    expect(escapeUtf8(chinese, 9)).toBe('服服服服…')
  })

  it('escaped bytes of any kind hold nothing that a screen would obey', () => {
    fc.assert(
      fc.property(hostileBytes, fc.integer({ min: 0, max: 60 }), (bytes, columns) => {
        for (const shown of [escapeUtf8(bytes, columns), escapeBytes(bytes, columns)]) {
          expect(shown).not.toMatch(UNSAFE_ON_A_SCREEN)
          expect(displayWidth(shown)).toBeLessThanOrEqual(columns)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('bytes are shown as hex, with their characters if there is room for all', () => {
    const bytes = Uint8Array.of(0x48, 0x69, 0x00, 0xff)
    expect(escapeBytes(bytes, 20)).toBe('48 69 00 ff  Hi··')
    expect(escapeBytes(bytes, 12)).toBe('48 69 00 ff')
    expect(escapeBytes(bytes, 10)).toBe('48 69 00 …')
    expect(escapeBytes(bytes, 2)).toBe('…')
    expect(escapeBytes(new Uint8Array(0), 10)).toBe('')
  })
})

describe('the width of a text', () => {
  it('Chinese, Japanese and Korean characters and emoji count two columns, and what joins counts none', () => {
    const widths = {
      abc: 3,
      服务器: 6,
      ｶﾅ: 2,
      カナ: 4,
      한국: 4,
      '👍': 2,
      '👍🏽': 2,
      '❤️': 2,
      '🇩🇪': 2,
      'e\u0301': 1,
      '🫠': 2,
      '…': 1,
      '→': 1,
      שָׁ: 1,
    }
    for (const [text, width] of Object.entries(widths))
      expect([text, displayWidth(text)]).toEqual([text, width])
  })

  it('the width agrees with string-width on Latin, Greek, Cyrillic, Chinese, Japanese and Korean', () => {
    const everyday = fc.stringMatching(/^[\x20-\x7eà-ÿα-ωа-я一-龥ぁ-ゖァ-ヺ가-힣、。！？]*$/)
    fc.assert(
      fc.property(everyday, (text) => {
        expect(displayWidth(text)).toBe(stringWidth(text))
      }),
    )
  })
})
