import type {ObjectChange, ObjectKind, ObjectSink} from '../../src/model/object.ts'
import type {Problem} from '../../src/model/problem.ts'

export interface RecordingSink extends ObjectSink {
	/** What is known now: `Service default/web` -> the object. */
	readonly objects: Map<string, NonNullable<ObjectChange['object']>>
	/** `+Service default/web`, `-Service default/web`, `synced Service` */
	readonly log: string[]
	readonly problems: Problem[]
	/** Those of them that are over. */
	readonly solvedProblems: Problem[]
	/** Keys without their kind, sorted. */
	readonly keys: (kind: ObjectKind) => string[]
}

/** Keeps what it is given. */
export const createRecordingSink = (): RecordingSink => {
	const objects: RecordingSink['objects'] = new Map()
	const log: string[] = []
	const problems: Problem[] = []
	const solvedProblems: Problem[] = []
	return {
		objects,
		log,
		problems,
		solvedProblems,
		keys: kind =>
			[...objects.keys()]
				.filter(key => key.startsWith(`${kind} `))
				.map(key => key.slice(kind.length + 1))
				.sort(),
		change: ({kind, key, object}) => {
			log.push(`${object ? '+' : '-'}${kind} ${key}`)
			if (object) {
				objects.set(`${kind} ${key}`, object)
			} else {
				objects.delete(`${kind} ${key}`)
			}
		},
		synced: kind => log.push(`synced ${kind}`),
		problem: problem => problems.push(problem),
		solved: problem => solvedProblems.push(problem),
	}
}
