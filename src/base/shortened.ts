// Captured text in the values of findings: a start line may have megabytes, and a person reads its beginning.

const LONGEST = 120

/** The text, or its first characters and an ellipsis. */
export function shortened(text: string, longest = LONGEST): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
