import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { closeCodeFault, readCloseBody } from '../../src/websocket/close.ts'
import { hex } from '../support/builders/packet-builder.ts'
import { closeBody } from '../support/drivers/websocket-conversation.ts'

describe('the body of a close frame', () => {
  it('the body of a close frame is a status code and a reason', () => {
    expect(readCloseBody(closeBody(1001, '再见'))).toEqual({ code: 1001, reason: '再见' })
    expect(readCloseBody(hex('03 e8'))).toEqual({ code: 1000, reason: '' })
  })

  it('a close frame without two bytes of body has neither code nor reason', () => {
    expect(readCloseBody(hex(''))).toBeUndefined()
    expect(readCloseBody(hex('03'))).toBeUndefined()
  })

  it('a close frame whose end is missing has a reason of whole characters', () => {
    const body = closeBody(1000, 'a再')
    expect(readCloseBody(body.subarray(0, 5), false)).toEqual({ code: 1000, reason: 'a' })
    expect(readCloseBody(body.subarray(0, 5))).toEqual({ code: 1000, reason: 'a\ufffd' })
    expect(readCloseBody(body, false)).toEqual({ code: 1000, reason: 'a再' })
  })

  it('undecodable bytes of the reason are shown as U+FFFD, and a byte order mark is kept', () => {
    expect(readCloseBody(concat([closeBody(1000, 'a'), hex('ff 62')]))).toEqual({
      code: 1000,
      reason: 'a\ufffdb',
    })
    expect(readCloseBody(concat([hex('03 e8 ef bb bf'), hex('61')]))?.reason).toBe('\ufeffa')
  })
})

describe('the status codes', () => {
  it('the status codes that may be sent are 1000 to 1003, 1007 to 1014 and 3000 to 4999, and no other', () => {
    const valid = Array.from({ length: 65_536 }, (_, code) => code).filter(
      (code) => closeCodeFault(code) === undefined,
    )
    const ranges = [
      [1000, 1003],
      [1007, 1014],
      [3000, 4999],
    ] as const
    expect(valid).toEqual(
      ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)),
    )
  })
})
