import { effect, inject, Injectable, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { Language } from './language';
import type { Texts } from './texts/texts';

/** The name of a page in the catalogue, which routes have for their title. */
export type PageName = Exclude<keyof Texts['pages'], 'title'>;

/** Puts the page's name, in the language that is spoken, before the product's in the browser's title. */
@Injectable()
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);
  private readonly texts = inject(Language).texts;
  private readonly page = signal<PageName | undefined>(undefined);

  constructor() {
    super();
    effect(() => {
      const page = this.page();
      const { pages } = this.texts();
      this.title.setTitle(page === undefined ? 'Latchkey' : pages.title(pages[page]));
    });
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.page.set(this.buildTitle(snapshot) as PageName | undefined);
  }
}
