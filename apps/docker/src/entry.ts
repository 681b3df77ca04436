// The first file of the app. The rest is a file of its own, since loading it takes a moment: as the first process of a
// container we would not hear a stop that comes meanwhile, as the kernel gives such a process no signal it has not asked for.
import { surviveLostOutput } from './output.ts'
import { hearStopSignals } from './stop-signals.ts'

surviveLostOutput()
const stopsWith = hearStopSignals()
const { main } = await import('./main.ts')
await main(stopsWith)
