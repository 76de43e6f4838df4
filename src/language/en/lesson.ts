// The frame around the lesson's chapters and exercises, in English.

export const lesson = {
  title: 'WebSocket, bit by bit',
  contents: 'Contents',
  exercises: 'Exercises',
  predict: 'Predict first, then check. Every exercise has fresh bytes each time; nothing is sent anywhere.',
  exercise: (number: number) => `Exercise ${number}`,
  answer: 'Your answer',
  numberForm: 'a number',
  hexForm: 'hex digits',
  textForm: 'text',
  check: 'Check',
  hint: 'Hint',
  reveal: 'Reveal',
  another: 'Another',
  right: 'Right.',
  wrong: 'Not yet. Try again, or take the hint.',
  isNone: 'Give an answer first.',
  theAnswer: 'The answer:',
  next: (title: string) => `Next chapter: ${title}`,
  turn: 'The chapters before and after',
  previous: (title: string) => `Chapter before: ${title}`,
  example: 'An example',
  fromCapture: (name: string, connection: number, frame: number) =>
    `${name}, connection ${connection}, frame ${frame}`,
  madeUp: (name: string) =>
    `${name} has no short text of a server that is neither masked nor compressed, as this chapter needs it. This frame is made up.`,
  capture: (name: string, frames: number) =>
    `Examples and exercises come from ${name}: ${frames === 1 ? 'one frame' : `${frames} frames`}. What it does not have is made up.`,
}
