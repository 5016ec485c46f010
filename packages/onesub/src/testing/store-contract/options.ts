import { fails } from './assertions.ts'
import type { Demand } from './description.ts'

export const OPTION_DEMANDS: readonly Demand[] = [
  {
    name: 'T112: an option that does not exist is refused at opening, with the one that was meant',
    async run({ open }) {
      const misspelled: object = { sharedby: [] }
      await fails(open(misspelled), {
        code: 'CONFIG_INVALID',
        message: /There is no option "sharedby"\. Did you mean "sharedBy"\?/,
      })
    },
  },
]
