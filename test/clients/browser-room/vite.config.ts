import { defineConfig } from 'vite'
import { onesubRedirects } from '../../../packages/onesub/src/vite/index.ts'

const redirectUris = [
  'https://app.example.com/callback',
  'http://localhost:5173/callback',
  'http://localhost:5174/callback',
]

export default defineConfig({ plugins: [onesubRedirects({ redirectUris })] })
