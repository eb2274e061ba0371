// Why a password was not taken, in words for people.
import { problemFrom } from '../../api/problem';
import { entry as entryTexts } from '../../texts/en/entry';

/** What the server refused; what cannot be foreseen as it says it. `wrong` is what a wrong password is called. */
export function refusal(thrown: unknown, wrong: string = entryTexts.wrong): string {
  const problem = problemFrom(thrown);
  if (problem.status === 401) return wrong;
  return problem.status === 429 ? entryTexts.locked(/(\d+) seconds?/.exec(problem.message)?.[1]) : problem.message;
}
