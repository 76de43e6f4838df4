// The page's way in: reads the data that a command put into it, and shows the report or the lesson.
import { render } from 'preact'
import { readPageData } from './embedded.ts'
import { Lesson } from './lesson/lesson.tsx'
import { Report } from './report/report.tsx'
import { Words } from './words.tsx'
import './style.css'

const data = await readPageData()
render(
  <Words first={data.language}>
    {data.kind === 'report' ? <Report data={data} /> : <Lesson data={data} />}
  </Words>,
  document.getElementById('page')!,
)
