import { useEffect, useRef, useState } from 'preact/hooks';
import type { User } from '@carillon/client';
import type { Access } from '../access.ts';
import { homePath, navigation, type NavEntry } from '../pages.ts';
import { hrefTo, usePlace } from '../router.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { PageOutlet } from './page-outlet.tsx';
import { ThemeSwitch } from './theme.tsx';

/** What is around every page: where one can go, and who is here. */
export function Shell({ access, onSignOut }: { access: Access; onSignOut: () => void }) {
  const { who, catchesMails } = access;
  const { path } = usePlace();
  const [isOpen, setIsOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const arrivedBy = useRef(path);

  useEffect(() => {
    if (arrivedBy.current === path) return;
    arrivedBy.current = path;
    setIsOpen(false);
    // Who hears the page hears where they are now, and Tab goes on from there.
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);

  return (
    <div class="shell">
      <a
        class="button primary skip"
        href={hrefTo(path)}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        To the content
      </a>
      <header class="side" data-open={isOpen}>
        <div class="side-top">
          <a class="brand" href={hrefTo(homePath)}>
            <Icon name="bell" size={22} /> Carillon
          </a>
          <button
            type="button"
            class="button plain icon menu-button"
            aria-expanded={isOpen}
            aria-label="Menu"
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'close' : 'menu'} />
          </button>
        </div>
        <nav aria-label="Pages">
          {navigation.map(({ title, entries }) => (
            <div key={title} class="nav-group">
              <h2>{title}</h2>
              <ul>
                {entries
                  .filter(({ when }) => when === undefined || catchesMails)
                  .map((entry) => (
                    <li key={entry.path}>
                      <NavLink entry={entry} path={path === '/' ? homePath : path} />
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </nav>
        <div class="side-foot">
          <p class="who small muted">
            Signed in as
            <br />
            {nameOf(who)}
          </p>
          <div class="row spread">
            <ThemeSwitch />
            <Button look="plain" onClick={onSignOut}>
              Sign out
            </Button>
          </div>
        </div>
      </header>
      <main class="main" ref={main} tabIndex={-1}>
        <PageOutlet />
      </main>
    </div>
  );
}

function NavLink({ entry, path }: { entry: NavEntry; path: string }) {
  const isHere = path === entry.path || path.startsWith(`${entry.path}/`);
  return (
    <a class="nav-link" href={hrefTo(entry.path)} {...(isHere && { 'aria-current': 'page' as const })}>
      <Icon name={entry.icon} /> {entry.title}
    </a>
  );
}

/** What people call a user, by what is known of them. */
export function nameOf({ name, username, email, external_id: externalId, id }: User): string {
  return name ?? username ?? email ?? externalId ?? id;
}
