// The laboratory: five benches.
import { useWords } from '../words.tsx'
import { DecodeBench } from './decode-bench.tsx'
import { EncodeBench } from './encode-bench.tsx'
import { FlipBench } from './flip-bench.tsx'
import { LengthBench } from './length-bench.tsx'
import { MaskingBench } from './masking-bench.tsx'

const BENCHES = {
  encode: EncodeBench,
  decode: DecodeBench,
  flip: FlipBench,
  length: LengthBench,
  masking: MaskingBench,
}

/** Every bench has its own address. */
export type BenchName = keyof typeof BENCHES

export const BENCH_NAMES = Object.keys(BENCHES) as BenchName[]

/** One bench, and the way to the others. */
export function Laboratory({ bench }: { readonly bench: BenchName }) {
  const { laboratory: words } = useWords()
  const Bench = BENCHES[bench]
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.about}</p>
      <nav class="bench-choice" aria-label={words.title}>
        {BENCH_NAMES.map((name) => (
          <a key={name} href={`#laboratory/${name}`} aria-current={name === bench ? 'page' : undefined}>
            {words[name]}
          </a>
        ))}
      </nav>
      <Bench />
    </>
  )
}
