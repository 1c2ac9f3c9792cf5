import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Carillon, User } from '@carillon/client';

/** What somebody is asked before something is done. */
export interface Question {
  title: string;
  text: string;
  /** What the button says that does it: a verb. */
  button: string;
  /** Whether it cannot be taken back. */
  danger?: boolean;
}

/** What every page may use. */
export interface ConsoleContext {
  api: Carillon;
  /** Who is signed in. */
  who: User;
  /** Shows a line for some seconds; what went wrong stays until it is closed. */
  say(text: string, tone?: 'good' | 'bad'): void;
  /** Asks, and resolves with whether it is to be done. */
  confirm(question: Question): Promise<boolean>;
  /** To be told of a credential that was refused: asks to sign in again over the page, which stays as it is. */
  onRefused(): void;
}

export const Context = createContext<ConsoleContext | undefined>(undefined);

/** Throws outside of the console: no page is rendered there. */
export function useConsole(): ConsoleContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error('This is rendered inside the console only');
  return context;
}
