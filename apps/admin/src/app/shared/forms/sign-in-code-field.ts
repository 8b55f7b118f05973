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
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { TextField } from './text-field';

/** Field for the code of a second factor, which appears once the server asks for one. */
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
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly t = injectTexts();
  protected readonly isAsked = signal(false);
  protected readonly control = new FormControl('', { nonNullable: true });

  /** Returns the code to send, if the user has entered one. */
  code(): string | undefined {
    return this.control.value.trim() || undefined;
  }

  /** Asks for a code if a problem is about it. Returns the message, if the user has entered one already. */
  ask({ code }: Problem): { readonly message: string | null } | undefined {
    if (code !== 'second_factor_required') {
      return undefined;
    }
    const isWrong = this.code() !== undefined;
    this.isAsked.set(true);
    this.control.reset();
    afterNextRender(() => this.host.querySelector('input')?.focus(), { injector: this.injector });
    return { message: isWrong ? this.t().session.code.rejected : null };
  }
}
