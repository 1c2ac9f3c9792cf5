import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../ui/icon.tsx';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const icons: Readonly<Record<Theme, IconName>> = { auto: 'screen', light: 'sun', dark: 'moon' };
const titles: Readonly<Record<Theme, string>> = {
  auto: 'As the system has it',
  light: 'Light',
  dark: 'Dark',
};
const name = 'carillon.console.theme';

/** Light, dark, or as the system has it; kept for the next time. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(
    () => themes.find((one) => one === localStorage.getItem(name)) ?? 'auto',
  );
  useEffect(() => {
    localStorage.setItem(name, theme);
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <div class="segments" role="group" aria-label="Colours">
      {themes.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === theme}
          aria-label={titles[one]}
          title={titles[one]}
          onClick={() => setTheme(one)}
        >
          <Icon name={icons[one]} size={16} />
        </button>
      ))}
    </div>
  );
}
