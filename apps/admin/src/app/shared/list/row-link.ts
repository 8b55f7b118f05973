import { Location } from '@angular/common';
import { Directive, DOCUMENT, inject, input } from '@angular/core';
import { Router, type UrlTree } from '@angular/router';

/** What has an effect of its own when it is clicked. */
const OWN_EFFECT = 'a, button, input, label, app-row-checkbox, [role=button], [role=menuitem]';

/** Makes a whole row lead where the link in it does: here, or in a tab of its own by the middle button. */
@Directive({
  selector: '[appRowLink]',
  host: {
    '[class.leads]': 'link() !== null',
    '(click)': 'follow($event)',
    '(auxclick)': 'follow($event)',
    '(mousedown)': 'keepFromScrolling($event)',
  },
})
export class RowLink {
  private readonly location = inject(Location);
  private readonly router = inject(Router);
  private readonly window = inject(DOCUMENT).defaultView;

  /** Where the row leads; `null` if nowhere. */
  readonly link = input.required<UrlTree | null>({ alias: 'appRowLink' });

  protected follow(event: MouseEvent): void {
    const link = this.link();
    const hasOwnEffect = event.target instanceof Element && event.target.closest(OWN_EFFECT) !== null;
    // Whoever marks a text to copy it does not mean to go anywhere.
    const isMarking = this.window?.getSelection()?.type === 'Range';
    if (link === null || hasOwnEffect || isMarking || event.button > 1) {
      return;
    }
    if (event.button === 1 || event.ctrlKey || event.metaKey) {
      const path = this.location.prepareExternalUrl(this.router.serializeUrl(link));
      this.window?.open(path, '_blank', 'noopener');
    } else {
      void this.router.navigateByUrl(link);
    }
  }

  protected keepFromScrolling(event: MouseEvent): void {
    if (event.button === 1 && this.link() !== null) {
      event.preventDefault();
    }
  }
}
