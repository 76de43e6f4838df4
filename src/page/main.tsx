// Starts the page: reads the data that a command put into it, and shows the report or the lesson.
import { render } from 'preact'
import type { PageData } from '../report/page-data.ts'
import { readPageData } from './embedded.ts'
import { Lesson } from './lesson/lesson.tsx'
import { openCapture } from './report/read-capture.ts'
import { Report } from './report/report.tsx'
import { Words } from './words.tsx'
import './style.css'

const data = await readPageData()
const content = await contentOf(data)
render(<Words first={data.language}>{content}</Words>, document.getElementById('page')!)

async function contentOf(data: PageData) {
  return data.kind === 'report' ? <Report capture={await openCapture(data)} /> : <Lesson data={data} />
}
