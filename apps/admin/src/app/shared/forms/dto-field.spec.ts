import { FormControl, type ValidatorFn } from '@angular/forms';
import { CreateUserDto, DISPLAY_NAME_MAX_LENGTH, SetUpDto } from '@latchkey/auth-models';
import { EN } from '../../core/texts/en';
import { dtoField } from './dto-field';
import { errorText } from './field-error';

const name = dtoField(CreateUserDto, 'name');
const email = dtoField(CreateUserDto, 'email');

/** What is said of a value. */
const said = (field: ValidatorFn, value: string) => errorText(field(new FormControl(value)), EN);

describe('dtoField', () => {
  it('passes what the DTO allows', () => {
    expect(name(new FormControl('anna.müller'))).toBeNull();
  });

  it('refuses what the DTO refuses, in words for people', () => {
    expect(said(name, 'two words')).toContain('of one script');
  });

  it('says that a needed field is empty', () => {
    expect(said(name, '')).toBe('This field is required.');
  });

  it('takes an empty optional field as absent', () => {
    expect(email(new FormControl(''))).toBeNull();
  });

  it('checks one member only', () => {
    expect(dtoField(SetUpDto, 'password')(new FormControl('correct horse'))).toBeNull();
  });

  it('quotes the limit that the DTO has', () => {
    const displayName = dtoField(CreateUserDto, 'displayName');

    expect(said(displayName, 'x'.repeat(DISPLAY_NAME_MAX_LENGTH + 1))).toBe(
      `Use at most ${DISPLAY_NAME_MAX_LENGTH} characters.`,
    );
  });
});
