import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Stage } from './stage.tsx'

const root = document.getElementById('stage')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Stage />
    </StrictMode>,
  )
}
