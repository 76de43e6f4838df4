// The frame around the lesson's chapters and exercises, in Simplified Chinese. It stands alone, as each topic does.
import type { lesson as english } from '../en/lesson.ts'

export const lesson: typeof english = {
  title: '逐位看懂 WebSocket',
  contents: '目录',
  exercises: '练习',
  predict: '先预测，再检查。每次练习的字节都是新的；不会向任何地方发送数据。',
  exercise: (number) => `练习 ${number}`,
  answer: '你的答案',
  numberForm: '一个数',
  hexForm: '十六进制数字',
  textForm: '文本',
  check: '检查',
  hint: '提示',
  reveal: '揭晓',
  another: '再来一题',
  right: '正确。',
  wrong: '还不对。再试一次，或者看提示。',
  isNone: '请先给出答案。',
  theAnswer: '答案：',
  next: (title) => `下一章：${title}`,
  turn: '前后的章节',
  previous: (title) => `上一章：${title}`,
  example: '示例',
  fromCapture: (name, connection, frame) => `${name}，连接 ${connection}，第 ${frame} 帧`,
  madeUp: (name) =>
    `${name} 里没有服务器发送的、既没有掩码也没有压缩的短文本，而这一章需要这样的帧。这一帧由页面生成。`,
  capture: (name, frames) => `示例和练习取自 ${name}（${frames} 帧）。其中没有的由页面生成。`,
}
