import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { Language, LANGUAGES, type LanguageTag } from '../core/language';
import { Theme, THEMES } from '../core/theme';

/** How the console looks and which language it speaks, in this browser. */
@Component({
  selector: 'app-look',
  imports: [MatButtonToggleModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './look.html',
  styleUrl: './look.scss',
})
export class Look {
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);
  protected readonly t = this.language.texts;
  protected readonly themes = THEMES;
  protected readonly languages = (Object.keys(LANGUAGES) as LanguageTag[]).map((tag) => ({
    tag,
    name: LANGUAGES[tag],
  }));

  protected speak(tag: LanguageTag): void {
    void this.language.choose(tag);
  }
}
