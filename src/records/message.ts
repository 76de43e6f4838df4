// A message of the model: the `message` record, with its bytes as they are and its text also as JSON.
import type { MessageRecord } from './records.ts'

/**
 * A message: its fragments joined, and inflated if it was compressed. It is the `message` record: all that was said is in fields of
 * the object, so that whoever compares, copies or prints a message meets it.
 */
export interface Message
  extends Readonly<Omit<MessageRecord<Uint8Array>, 'type' | 'text' | 'data' | 'incomplete'>> {
  /** The text of a text message that is valid UTF-8, else undefined. */
  readonly text: string | undefined
  /**
   * The bytes of the message; undefined if none are sure. If there is a text, they are made of it when asked for, and they are not a
   * field of the object.
   */
  readonly data: Uint8Array | undefined
  /** True if bytes are missing or could not be inflated; `text` and `data` then hold what is sure before them. */
  readonly incomplete: boolean
  /** What the text says as JSON; undefined if it is not JSON. It is parsed when asked for, and is not a field of the object. */
  readonly json: unknown
}

/** The message of a record. It keeps the record's bytes. */
export function makeMessage(record: MessageRecord<Uint8Array>): Message {
  return record.text === undefined ? new BytesMessage(record) : new TextMessage(record, record.text)
}

class MessageFields {
  readonly connection: number
  readonly message: number
  readonly from: Message['from']
  readonly packet: Message['packet']
  readonly time: string | null
  readonly opcodeName: Message['opcodeName']
  readonly frames: number[]
  readonly compressed: boolean
  readonly wireLength: number
  readonly length: number
  readonly incomplete: boolean
  declare readonly withoutContext?: true

  constructor(record: MessageRecord<Uint8Array>) {
    this.connection = record.connection
    this.message = record.message
    this.from = record.from
    this.packet = record.packet
    this.time = record.time
    this.opcodeName = record.opcodeName
    this.frames = record.frames
    this.compressed = record.compressed
    this.wireLength = record.wireLength
    this.length = record.length
    this.incomplete = record.incomplete === true
    if (record.withoutContext) this.withoutContext = true
  }
}

class TextMessage extends MessageFields implements Message {
  readonly text: string
  #data: Uint8Array | undefined
  #json: { readonly value: unknown } | undefined

  constructor(record: MessageRecord<Uint8Array>, text: string) {
    super(record)
    this.text = text
  }

  get data(): Uint8Array {
    this.#data ??= new TextEncoder().encode(this.text)
    return this.#data
  }

  get json(): unknown {
    this.#json ??= { value: parsed(this.text) }
    return this.#json.value
  }
}

class BytesMessage extends MessageFields implements Message {
  readonly text: undefined
  readonly data: Uint8Array | undefined

  constructor(record: MessageRecord<Uint8Array>) {
    super(record)
    this.data = record.data
  }

  get json(): undefined {
    return undefined
  }
}

// Test runners tell kinds of objects by their constructor. A message is a plain record: it equals an object literal.
for (const { prototype } of [MessageFields, TextMessage, BytesMessage])
  Reflect.deleteProperty(prototype, 'constructor')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
