import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeText } from '../../src/render/text/escape.ts'
import { displayWidth } from '../../src/render/text/width.ts'
import { hang, wrap } from '../../src/render/text/wrap.ts'

describe('wrap', () => {
  it('wrap breaks at spaces, and leaves names whole', () => {
    expect(wrap('RSV1 is set on a control-frame/ping', 20)).toEqual([
      'RSV1 is set on a',
      'control-frame/ping',
    ])
  })

  it('wrap breaks between Chinese characters', () => {
    expect(wrap('掩码键就在这个帧头里', 8)).toEqual(['掩码键就', '在这个帧', '头里'])
    expect(wrap('用 permessage-deflate压缩', 18)).toEqual(['用', 'permessage-deflate', '压缩'])
  })

  it.each([
    [
      'a comma, a stop or a closing bracket starts no line',
      '一二三，四五六。',
      6,
      ['一二', '三，四', '五六。'],
    ],
    ['an opening bracket ends no line', '一二（三四）', 6, ['一二', '（三', '四）']],
    ['a closing quote follows its text', '“一二三”四', 7, ['“一二', '三”四']],
    ['ASCII punctuation behind a character stays with it', '一二三, 四', 6, ['一二', '三, 四']],
  ])('%s', (_, text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines)
  })

  it('wrap makes lines that fit and hold all of the text, of any words', () => {
    const character = fc.constantFrom(...'一帧ガ，。（）“”aA0-/ ')
    fc.assert(
      fc.property(
        fc.array(character, { maxLength: 80 }),
        fc.integer({ min: 30, max: 60 }),
        (parts, columns) => {
          const text = escapeText(parts.join(''))
          const lines = wrap(text, columns)
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
          if (!lines.some((line) => line.endsWith('…')))
            expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        },
      ),
    )
  })
})

describe('hang', () => {
  it('hang puts further lines below the text of the first, however wide what stands before it is', () => {
    expect(hang('  掩码  ', '一二三四', 12)).toEqual(['  掩码  一二', '        三四'])
  })
})
