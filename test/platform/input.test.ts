import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../src/base/input-error.ts'
import { inputFromBytes, inputFromChunks, openInput, openInputs } from '../../src/platform/node/input.ts'
import { someBytes } from '../support/builders/capture-bytes.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-input-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('openInput', () => {
  it('openInput gives the bytes of a file, and its size', async () => {
    const path = join(folder, 'file')
    const bytes = someBytes(700_001)
    writeFileSync(path, bytes)
    const input = await openInput(path)
    expect([input.name, input.size]).toEqual([path, 700_001])
    expect(Buffer.compare(await read(input.chunks), bytes)).toBe(0)
  })

  it('openInput gives no chunk of an empty file', async () => {
    const path = join(folder, 'empty')
    writeFileSync(path, '')
    expect(await read((await openInput(path)).chunks)).toHaveLength(0)
  })

  it('openInput says in one line what hinders it, and what helps', async () => {
    const missing = join(folder, 'missing.pcap')
    await expect(openInput(missing)).rejects.toThrow(
      new InputError(`${missing}: no such file; check the path`),
    )
    await expect(openInput(join(missing, 'deeper'))).rejects.toThrow(/: no such file; check the path$/)
    await expect(openInput(folder)).rejects.toThrow(
      new InputError(`${folder}: is a directory; name the capture files in it`),
    )
    await expect(openInput(join(folder, 'n'.repeat(300)))).rejects.toThrow(
      /: the name is too long; check the path$/,
    )
    await expect(openInput('with\0nul')).rejects.toBeInstanceOf(InputError)
  })

  it('openInput says that it may not read a file', async () => {
    const path = join(folder, 'secret')
    writeFileSync(path, 'x')
    chmodSync(path, 0)
    // root may read everything, and becomes nobody for the time of the test.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65_534)
    try {
      await expect(openInput(path)).rejects.toThrow(
        new InputError(`${path}: permission denied; make the file readable for you`),
      )
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })

  it('openInput opens the file when it is read, and closes it when the reader leaves early', async () => {
    const path = join(folder, 'left')
    writeFileSync(path, someBytes(700_001))
    const isOpen = () => openFiles().includes(path)
    const { chunks } = await openInput(path)
    const before = isOpen()
    let within = false
    for await (const _ of chunks) {
      within = isOpen()
      break
    }
    expect([before, within, isOpen()]).toEqual([false, process.platform === 'linux', false])
  })

  it('openInputs reads any number of files in turns, and keeps few of them open', async () => {
    const paths = Array.from({ length: 150 }, (_, i) => join(folder, `one of many ${i}`))
    for (const [i, path] of paths.entries()) writeFileSync(path, someBytes(40_000, i))
    const inputs = await openInputs(paths)
    const readers = inputs.map(({ chunks }) => chunks[Symbol.asyncIterator]())
    const parts: Buffer[][] = readers.map(() => [])
    let open = 0
    for (let turn = 0; turn < 4; turn++) {
      for (const [i, reader] of readers.entries()) {
        const { value, done } = await reader.next()
        if (!done) parts[i]!.push(Buffer.from(value))
      }
      open = Math.max(open, openFiles().split('one of many').length - 1)
    }
    for (const [i, part] of parts.entries())
      expect(Buffer.compare(Buffer.concat(part), someBytes(40_000, i))).toBe(0)
    expect(open).toBeLessThanOrEqual(64)
    expect(openFiles()).not.toContain('one of many')
  })

  it('openInput reads a file from any position on, again and again', async () => {
    const path = join(folder, 'again')
    const bytes = someBytes(100_000)
    writeFileSync(path, bytes)
    const { chunksFrom } = await openInput(path)
    for (const position of [0, 1, 70_000, 100_000]) {
      const lengths: number[] = []
      const again = async function* () {
        for await (const chunk of chunksFrom!(position, 16_384)) {
          lengths.push(chunk.length)
          yield chunk
        }
      }
      expect(Buffer.compare(await read(again()), bytes.subarray(position))).toBe(0)
      expect(Math.max(0, ...lengths)).toBe(Math.min(16_384, 100_000 - position))
    }
  })

  it('openInput reads a named pipe as its bytes arrive', async () => {
    const path = join(folder, 'pipe')
    spawnSync('mkfifo', [path])
    const writer = spawn('sh', ['-c', `{ printf one; sleep 0.3; printf two; } > '${path}'`])
    const { chunks, size } = await openInput(path)
    expect(size).toBeUndefined()
    const texts: string[] = []
    for await (const chunk of chunks) texts.push(Buffer.from(chunk).toString())
    writer.kill()
    expect(texts).toEqual(['one', 'two'])
  })
})

describe('inputs of the caller', () => {
  it('an input of the caller gives the bytes in memory', async () => {
    const bytes = someBytes(600_000)
    const input = inputFromBytes(bytes, 'mine')
    expect([input.name, input.size]).toEqual(['mine', 600_000])
    expect(Buffer.compare(await read(input.chunks), bytes)).toBe(0)
  })

  it('an input of the caller gives the chunks of any iterable', async () => {
    const chunks = [someBytes(3), someBytes(4, 1)]
    expect(Buffer.compare(await read(inputFromChunks(chunks).chunks), Buffer.concat(chunks))).toBe(0)
  })

  it('an input of the caller must be of bytes', async () => {
    expect(() => inputFromBytes('text' as unknown as Uint8Array)).toThrow(TypeError)
    const texts = inputFromChunks(['text'] as unknown as Uint8Array[], 'socket')
    await expect(read(texts.chunks)).rejects.toThrow(
      new TypeError('socket: expected a Uint8Array, got string'),
    )
  })
})

/** The files that this process has open, on Linux. */
function openFiles(): string {
  return spawnSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' }).stdout
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of chunks) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts)
}
