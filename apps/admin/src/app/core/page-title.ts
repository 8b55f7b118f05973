import { effect, inject, Injectable, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { Language } from './language';
import type { Texts } from './texts/texts';

/** Key of a name that is available without the texts of features, such as those in the navigation. */
export type BasePageName = Exclude<keyof Texts['pages'], 'title'>;

/** Key of a page's name in the catalogue; routes use it as their title. */
export type PageName = BasePageName | keyof Texts['featurePages'];

/** Sets the browser's title to the page's name, and again when the language changes. */
@Injectable()
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);
  private readonly texts = inject(Language).texts;
  private readonly page = signal<PageName | undefined>(undefined);

  constructor() {
    super();
    effect(() => {
      const page = this.page();
      const { pages, featurePages } = this.texts();
      this.title.setTitle(page === undefined ? 'Latchkey' : pages.title({ ...pages, ...featurePages }[page]));
    });
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.page.set(this.buildTitle(snapshot) as PageName | undefined);
  }
}
