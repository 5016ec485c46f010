import { Command } from 'commander'
import { addDemo } from './commands/demo.ts'

const program = new Command('onesub').description('One human, one user on Amazon Cognito.')
addDemo(program)
await program.parseAsync()
