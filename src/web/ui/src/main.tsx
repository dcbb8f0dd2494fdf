/** Where the browser begins. The style sheets are in the order in which they build on one another. */
import './style/base.css'
import './style/parts.css'
import './style/lists.css'
import './style/pages.css'
import './style/administration.css'
import './style/recording.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { startLive } from './live.ts'

startLive()
render(<App />, document.getElementById('app')!)
