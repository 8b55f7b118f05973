import { InvalidArgumentError } from 'commander';

/** Parser of an option that can be repeated. */
export function append(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
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
