import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { Language, LANGUAGE_TAGS, LANGUAGES, type LanguageTag } from '../core/language';
import { Theme, THEMES } from '../core/theme';

/** Theme and language of the console in this browser. */
@Component({
  selector: 'app-appearance',
  imports: [MatButtonToggleModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'card' },
  template: `
    <h2 class="section-title">{{ t().account.appearance.heading }}</h2>
    <div class="row">
      <div>
        <span id="theme" class="second-line">{{ t().account.appearance.theme }}</span>
        <mat-button-toggle-group
          hideSingleSelectionIndicator
          aria-labelledby="theme"
          [value]="theme.selected()"
          (change)="theme.select($event.value)"
        >
          @for (name of themes; track name) {
            <mat-button-toggle [value]="name">{{ t().session.themes[name] }}</mat-button-toggle>
          }
        </mat-button-toggle-group>
      </div>
      <div>
        <span id="language" class="second-line">{{ t().account.appearance.language }}</span>
        <mat-button-toggle-group
          hideSingleSelectionIndicator
          aria-labelledby="language"
          [value]="language.tag()"
          (change)="selectLanguage($event.value)"
        >
          @for (tag of tags; track tag) {
            <mat-button-toggle [attr.lang]="tag" [value]="tag">{{ names[tag] }}</mat-button-toggle>
          }
        </mat-button-toggle-group>
      </div>
    </div>
    <p class="second-line">{{ t().account.appearance.note }}</p>
  `,
  styles: `
    .row {
      gap: 16px 48px;
      margin: 16px 0;
    }
    .row .second-line {
      margin-bottom: 6px;
    }
  `,
})
export class Appearance {
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);
  protected readonly t = this.language.texts;
  protected readonly themes = THEMES;
  protected readonly tags = LANGUAGE_TAGS;
  protected readonly names = LANGUAGES;

  protected selectLanguage(tag: LanguageTag): void {
    void this.language.select(tag);
  }
}
