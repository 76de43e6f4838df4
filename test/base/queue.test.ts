// The queue against a plain array.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Queue } from '../../src/base/queue.ts'

it('a queue holds what a plain array holds, whatever is done to it', () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('push' as const), item: fc.nat() }),
    fc.record({ what: fc.constant('putBefore' as const), items: fc.array(fc.nat(), { maxLength: 4 }) }),
    fc.record({ what: fc.constant('remove' as const), at: fc.nat() }),
    fc.constantFrom({ what: 'shift' as const }, { what: 'takeAll' as const }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new Queue<{ readonly number: number }>()
      let plain: { readonly number: number }[] = []
      for (const each of steps) {
        if (each.what === 'push') {
          const item = { number: each.item }
          queue.push(item)
          plain.push(item)
        } else if (each.what === 'putBefore') {
          const items = each.items.map((number) => ({ number }))
          queue.putBefore(items)
          plain = [...items, ...plain]
        } else if (each.what === 'remove') {
          const item = plain[each.at % Math.max(plain.length, 1)] ?? { number: -1 }
          queue.remove(item)
          plain = plain.filter((other) => other !== item)
        } else if (each.what === 'shift') expect(queue.shift()).toBe(plain.shift())
        else {
          expect(queue.takeAll()).toEqual(plain)
          plain = []
        }
        expect([queue.length, queue.first, queue.last]).toEqual([plain.length, plain[0], plain.at(-1)])
      }
      expect(queue.items).toEqual(plain)
    }),
  )
})
