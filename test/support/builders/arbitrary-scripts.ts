// Random scripts of captures: what a tester may write, faults included.
import fc from 'fast-check'
import type { CaptureScript, ConnectionScript, PacketsScript, Step } from '../../../src/encode/script.ts'

const side = fc.constantFrom('client' as const, 'server' as const)
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('111', '服务器回应: 111', '', 'x'.repeat(125), 'y'.repeat(126), 'abc '.repeat(2000)),
)
const hex = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const key = fc.integer({ min: 1, max: 0xffffffff }).map((word) => word.toString(16).padStart(8, '0'))
const mask = fc.oneof(fc.boolean(), key)
const seconds = fc.integer({ min: 0, max: 2_000_000 }).map((microseconds) => microseconds / 1e6)

/** Ways through a network that lose nothing. */
const harmless: fc.Arbitrary<PacketsScript> = fc.oneof(
  fc.record({ segmentSize: fc.integer({ min: 1, max: 3000 }) }, { requiredKeys: [] }),
  fc.record({ segmentSize: fc.integer({ min: 20, max: 3000 }), overlap: fc.integer({ min: 1, max: 19 }) }),
  fc.constant({ join: true }),
)

/** A message or a control frame that breaks no rule, except that its mask may be wrong. */
export const messageStep: fc.Arbitrary<Step> = fc
  .tuple(
    fc.oneof(
      fc.record({ text }),
      fc.record({ json: fc.jsonValue({ maxDepth: 2 }) }),
      fc.record({ binary: hex }),
      fc.record({ ping: fc.string({ maxLength: 20 }) }),
      fc.record({ pong: fc.string({ maxLength: 20 }) }),
    ),
    fc.record(
      { mask, lengthBits: fc.constantFrom(64 as const), after: seconds, packets: harmless },
      { requiredKeys: [] },
    ),
    fc.record(
      { fragments: fc.integer({ min: 1, max: 4 }), compress: fc.constant(false) },
      { requiredKeys: [] },
    ),
    side,
  )
  .map(([what, form, message, from]) => {
    const isControl = 'ping' in what || 'pong' in what
    // More fragments than bytes are refused; a compressed message may be as short as one byte.
    const length = 'text' in what ? what.text.length : 'binary' in what ? what.binary.length / 2 : 0
    const { fragments, ...rest } = message
    return {
      ...what,
      ...form,
      ...(isControl ? {} : rest),
      ...(isControl || length < 8 || fragments === undefined ? {} : { fragments }),
      from,
    } as Step
  })

/** Any one frame, legal or not. */
export const frameStep: fc.Arbitrary<Step> = fc
  .record({
    from: side,
    mask,
    frame: fc.oneof(
      fc.record({
        opcode: fc.oneof(
          fc.constantFrom('continuation' as const, 'text' as const, 'close' as const),
          fc.integer({ min: 0, max: 15 }),
        ),
        fin: fc.boolean(),
        rsv1: fc.boolean(),
        rsv2: fc.boolean(),
        rsv3: fc.boolean(),
        hex,
      }),
      fc.record({ opcode: fc.constantFrom('text' as const, 'ping' as const), text }),
    ),
  })
  .map((step) => step as Step)

/** Ways through a network that lose bytes. */
const harmful: fc.Arbitrary<PacketsScript> = fc.oneof(
  fc.constant({ lost: [1] }),
  fc.constant({ lost: [1], retransmitted: [1] }),
  fc.record({ snapLength: fc.integer({ min: 20, max: 90 }) }),
)
const lossyStep: fc.Arbitrary<Step> = fc
  .record({ from: side, text: text.filter((value) => value !== ''), packets: harmful })
  .map((step) => step as Step)

const close: fc.Arbitrary<Step[]> = fc.constantFrom<Step[]>(
  [],
  [
    { from: 'client', close: 1000, reason: 'bye' },
    { from: 'server', close: 1000 },
  ],
  [{ from: 'server', close: null }],
)

/** A connection that takes steps of one kind. */
function connectionOf(step: fc.Arbitrary<Step>): fc.Arbitrary<ConnectionScript> {
  return fc
    .record({
      handshake: fc.record(
        {
          target: fc.constantFrom('/', '/chat?room=1'),
          subprotocols: fc.constant(['v1', 'v2']),
          deflate: fc.oneof(
            fc.boolean(),
            fc.record(
              {
                serverNoContextTakeover: fc.boolean(),
                clientNoContextTakeover: fc.boolean(),
                serverMaxWindowBits: fc.integer({ min: 9, max: 15 }),
                clientMaxWindowBits: fc.integer({ min: 9, max: 15 }),
              },
              { requiredKeys: [] },
            ),
          ),
        },
        { requiredKeys: [] },
      ),
      steps: fc.array(step, { maxLength: 12 }),
      last: close,
      isIpv6: fc.boolean(),
      interval: seconds,
      at: seconds,
    })
    .map(({ handshake, steps, last, isIpv6, interval, at }) => ({
      handshake,
      steps: [...steps, ...last],
      interval,
      at,
      ...(isIpv6 ? { client: { address: 'fd00::1' }, server: { address: 'fd00::2' } } : {}),
    }))
}

function captureOf(step: fc.Arbitrary<Step>, mostConnections: number): fc.Arbitrary<CaptureScript> {
  return fc.record(
    {
      format: fc.constantFrom('pcap' as const, 'pcapng' as const),
      seed: fc.nat(),
      connections: fc.array(connectionOf(step), { minLength: 1, maxLength: mostConnections }),
    },
    { requiredKeys: ['connections'] },
  )
}

/** Messages and control frames, on networks that lose nothing. */
export const messageScript: fc.Arbitrary<CaptureScript> = captureOf(messageStep, 3)

/** The same, with any frames among them. */
export const frameScript: fc.Arbitrary<CaptureScript> = captureOf(fc.oneof(messageStep, frameStep), 3)

/** The same, with lost and cut packets. */
export const faultyScript: fc.Arbitrary<CaptureScript> = captureOf(
  fc.oneof(messageStep, frameStep, lossyStep),
  8,
)
