import { InvalidArgumentError, Option } from 'commander';

/** Option that can be repeated. Its value is the list of all values. */
export class RepeatableOption extends Option {
  constructor(flags: string, description: string, parse: (text: string) => unknown = String) {
    super(flags, `${description}; repeat it for several`);
    this.argParser<unknown[]>((text, before = []) => [...before, parse(text)]);
  }
}

/** Returns the parser of an option whose value is one of several words. */
export function readWord(words: readonly string[]): (text: string) => string {
  return (text) => {
    if (!words.includes(text)) {
      throw new InvalidArgumentError(`Use ${words.join(' or ')}.`);
    }
    return text;
  };
}
