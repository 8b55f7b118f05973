import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { Language, LANGUAGE_TAGS, LANGUAGES, type LanguageTag } from '../core/language';
import { Theme, THEMES } from '../core/theme';

/** Theme and language of the console in this browser. */
@Component({
  selector: 'app-appearance',
  imports: [MatButtonToggleModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './appearance.html',
  styleUrl: './appearance.scss',
})
export class Appearance {
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);
  protected readonly t = this.language.texts;
  protected readonly themes = THEMES;
  protected readonly languages = LANGUAGE_TAGS.map((tag) => ({ tag, name: LANGUAGES[tag] }));

  protected selectLanguage(tag: LanguageTag): void {
    void this.language.select(tag);
  }
}
