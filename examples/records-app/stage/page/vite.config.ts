export { default } from '../../web/vite.config.ts'
