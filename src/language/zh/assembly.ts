// The words of the message assembly, in Simplified Chinese.
import type { assembly as english } from '../en/assembly.ts'

export const assembly: typeof english = {
  title: '消息是怎样拼成的',
  about: (fragments, between) =>
    `${
      fragments === 1
        ? '整条消息都在一帧里。'
        : `这条消息分成 ${fragments} 个分片：第一个分片带有操作码，最后一个分片的 FIN 为 1。`
    }${between === 0 ? '' : `其间还有 ${between} 个别的帧：控制帧可以插在中间，但不属于这条消息。`}`,
  frames: '各个帧',
  frame: (frame) => `第 ${frame} 帧`,
  fromFrame: (frame) => `第 ${frame} 帧：`,
  packets: (first, last) => (first === last ? `第 ${first} 个包` : `第 ${first} 至 ${last} 个包`),
  payloadLength: (bytes) => (bytes === 0 ? '没有负载' : `负载 ${bytes} 字节`),
  isBetween: '插在分片之间，不属于这条消息。',
  brings: (first, last) => (first === last ? `消息的字节 ${first}。` : `消息的字节 ${first} 至 ${last}。`),
  bringsNothing: '没有带来消息的字节。',
  first: '最前',
  earlier: '往前',
  later: '往后',
  last: '最后',
  framesShown: (first, last, total) => `第 ${first} 至 ${last} 个，共 ${total} 个帧`,
  joined: '去掉掩码，把负载拼接起来',
  joinedCompressed: '去掉掩码，把负载拼接起来（仍是压缩的）',
  joinedLength: (bytes) => `${bytes} 字节`,
  nothing: '没有内容：这条消息是空的。',
  notAtHand: '没有这些字节的数据。',
  appended: '补回发送方去掉的字节',
  whyAppended: '刷新后的 DEFLATE 块总是以这四个字节结尾；发送方省略它们，接收方在最后一个分片之后再补回来。',
  window: '沿用的窗口',
  windowIs: (bytes) => `双方都还记得同一方之前消息的 ${bytes} 字节；压缩数据可以引用它们。末尾是：`,
  noWindow: '没有：没有沿用之前消息的内容，或者对此一无所知。',
  inflated: '解压后的内容',
  message: '消息的内容',
  notInflated: '无法解压：字节缺失或有误，或者窗口已经丢失。',
  notComplete: '还没有内容：消息不完整。',
  ratio: (wire, inflated) =>
    `线路上 ${wire} 字节代表 ${inflated} 字节${inflated > wire ? `：只占 ${Math.round((wire / inflated) * 100)} %` : ''}。`,
  missing: {
    beginning: '没有抓到第一个分片：这里从延续帧开始。',
    end: '缺少最后一个分片：没有出现 FIN 为 1 的帧。',
    frames: (count) => `有 ${count} 个分片没有数据。`,
    payload: (frame) => `第 ${frame} 帧的负载没有数据。`,
    bytes: (frame, count) => `第 ${frame} 帧的负载缺少 ${count} 字节。`,
    inflating: '字节都在，但无法全部解压，或者引用了已经丢失的窗口。',
    something: '缺少一部分字节。',
  },
}
