import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A proxy to a server on this machine that delays answers, as a network does. */
export interface SlowLine {
  readonly port: number
  /** Ends every connection. Answers that are under way are lost. */
  cut(): void
  close(): Promise<void>
}

export async function slowLine(target: number, answersTakeMs: number): Promise<SlowLine> {
  const open = new Set<Socket>()

  const keep = (socket: Socket, other: Socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      open.delete(socket)
      other.destroy()
    })
  }
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true })
    keep(client, upstream)
    keep(upstream, client)
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      setTimeout(() => {
        if (client.writable) client.write(chunk)
      }, answersTakeMs)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The system gave no port.')

  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: address.port,
    cut,
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
