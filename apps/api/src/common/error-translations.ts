import { Injectable } from '@nestjs/common';
import { type ApplicationError } from './application-error.js';

/** Recognises a foreign error and says what it means to a caller; `undefined` if it is none of its kind. */
export type ErrorTranslation = (error: unknown) => ApplicationError | undefined;

/** Lets the modules that own a driver say what its errors mean, so that the exception filter need not know drivers. */
@Injectable()
export class ErrorTranslations {
  private readonly translations: ErrorTranslation[] = [];

  register(translation: ErrorTranslation): void {
    this.translations.push(translation);
  }

  translate(error: unknown): ApplicationError | undefined {
    for (const translation of this.translations) {
      const translated = translation(error);
      if (translated) {
        return translated;
      }
    }
    return undefined;
  }
}
