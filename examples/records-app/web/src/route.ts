import { useEffect, useState } from 'react'

export type Path = '/' | '/account' | '/sign-up' | '/reset'

const PATHS: readonly Path[] = ['/', '/account', '/sign-up', '/reset']
const pathOf = (pathname: string): Path => PATHS.find((path) => path === pathname) ?? '/'

/** Which screen the address names, and a way to go to another one; the browser's own Back works. */
export function useRoute(): readonly [Path, (path: Path) => void] {
  const [path, setPath] = useState<Path>(() => pathOf(location.pathname))
  useEffect(() => {
    const follow = () => setPath(pathOf(location.pathname))
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  const go = (next: Path) => {
    history.pushState(null, '', next)
    setPath(next)
  }
  return [path, go]
}
