import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  inject,
  Injector,
  input,
  model,
} from '@angular/core';
import type { FormControl } from '@angular/forms';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { toErrors } from './field-error';
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
        [control]="control()"
        [label]="t().session.code.label"
        [hint]="t().session.code.hint"
      />
    }
  `,
  styles: `
    :host {
      display: block;
    }
    :host:empty {
      display: none;
    }
  `,
})
export class SignInCodeField {
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  readonly control = input.required<FormControl<string>>();
  readonly isAsked = model(false);

  protected readonly t = injectTexts();

  /** Asks for a code if a problem is about it, with an error if the user has entered one already. */
  ask({ code }: Problem): boolean {
    const isAsked = code === 'second_factor_required';
    if (isAsked) {
      this.reject();
      this.isAsked.set(true);
    }
    return isAsked;
  }

  /** Clears a rejected code and asks for the next one. */
  reject(): void {
    const isWrong = this.control().value.trim() !== '';
    this.control().reset();
    if (isWrong) {
      this.control().markAsTouched();
      this.control().setErrors(toErrors({ rules: [], message: this.t().session.code.rejected }));
    }
    afterNextRender(() => this.host.querySelector('input')?.focus(), { injector: this.injector });
  }
}
