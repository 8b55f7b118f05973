import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  inject,
  Injector,
  signal,
} from '@angular/core';
import { FormControl } from '@angular/forms';
import { loginOfBrowser } from '../../core/browser-name';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { SignInCode } from '../../core/sign-in-code';
import { TextField } from './text-field';

/** Signs in, and shows a field for the code of a second factor once the server asks for one. */
@Component({
  selector: 'app-sign-in-code-field',
  imports: [TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isAsked()) {
      <app-text-field
        isName
        autocomplete="one-time-code"
        [control]="control"
        [label]="t().session.code.label"
        [hint]="t().session.code.hint"
      />
    }
  `,
})
export class SignInCodeField {
  private readonly session = inject(Session);
  private readonly sent = inject(SignInCode);
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly t = injectTexts();
  protected readonly isAsked = signal(false);
  protected readonly control = new FormControl('', { nonNullable: true });

  async signIn(name: string, password: string): Promise<void> {
    this.sent.value = this.control.value.trim();
    try {
      await this.session.signIn(name, password, loginOfBrowser(this.t()));
    } finally {
      this.sent.value = '';
    }
  }

  /** Asks for a code if a problem is about it. Returns the message, if the user has entered one already. */
  ask({ code }: Problem): { readonly message: string | null } | undefined {
    if (code !== 'second_factor_required') {
      return undefined;
    }
    const isWrong = this.control.value.trim() !== '';
    this.isAsked.set(true);
    this.control.reset();
    afterNextRender(() => this.host.querySelector('input')?.focus(), { injector: this.injector });
    return { message: isWrong ? this.t().session.code.rejected : null };
  }
}
