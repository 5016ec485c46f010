import { createServer } from 'node:http'

/** Reads the request and answers the same bytes each time: what is left is the cost of Node, HTTP and the SDK. */
const ANSWERS: Readonly<Record<string, string>> = {
  SignUp: JSON.stringify({
    UserConfirmed: false,
    UserSub: '11111111-2222-4333-8444-555555555555',
    CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'a***@e***' },
  }),
  InitiateAuth: JSON.stringify({
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: 'a'.repeat(950),
      IdToken: 'i'.repeat(950),
      RefreshToken: 'r'.repeat(64),
      ExpiresIn: 3_600,
      TokenType: 'Bearer',
    },
  }),
}

const port = Number(process.argv.at(-1))
createServer((request, response) => {
  request.resume().on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    const text = ANSWERS[operation] ?? '{}'
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': text.length })
    response.end(text)
  })
}).listen(port, '127.0.0.1')
