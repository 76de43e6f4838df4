// The frame inspector's words, in English.

export const inspector = {
  title: 'Frame',
}
