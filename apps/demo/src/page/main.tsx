import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './styles.css'

const element = document.getElementById('page')
if (element === null) throw new Error('index.html has no #page')
createRoot(element).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
