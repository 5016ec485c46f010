import { FetchError } from 'aws-jwt-verify/error'

/**
 * Not imported: an ES module that imports `node:http` loads undici with it (nodejs/node#59686), for which every authorizer would wait at its
 * cold start, though only a developer's machine has an emulator.
 */
const { get } = process.getBuiltinModule('node:http')

/** Fetches an emulator's keys over plain HTTP, which the library rightly refuses to do for anybody else's. */
export const loopbackFetcher = {
  fetch: (uri: string): Promise<ArrayBuffer> =>
    new Promise((resolve, reject) => {
      const request = get(uri, (response) => {
        if (response.statusCode !== 200) return reject(new FetchError(uri, `status ${response.statusCode}`))
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks)).buffer))
      })
      request.on('error', (error) => reject(new FetchError(uri, error.message)))
    }),
}
