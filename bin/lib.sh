# What the scripts of this folder share: the tools they need, installed where that can be done, else named.

need() { # need PROGRAM APT-PACKAGE OTHER-WAY
  command -v "$1" > /dev/null && return
  install "$2" "$3"
}

install() {
  if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing $1" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1"; } < /dev/null >&2 && return
  elif command -v apt-get > /dev/null && sudo -n true 2> /dev/null; then
    echo "installing $1" >&2
    { sudo -n apt-get update -qq && sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1"; } < /dev/null >&2 && return
  fi
  echo "error: \`$1\` is needed and could not be installed" >&2
  command -v apt-get > /dev/null && echo "hint: run \`sudo apt-get install $1\`, then again \`$0\`" >&2 ||
    echo "hint: run $2, then again \`$0\`" >&2
  exit 1
}

need_rust() {
  export HOME="${HOME:-$(unset HOME && echo ~)}" # not set in some pipelines; the list of users knows it
  export PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
  need cc build-essential '`dnf install gcc`, `apk add build-base` or `xcode-select --install`'
  command -v cargo > /dev/null && return
  echo "error: the Rust toolchain is not installed" >&2
  echo "hint: run \`curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y\`, then again \`$0\`" >&2
  exit 1
}

need_postgres() {
  local place
  for place in /usr/lib/postgresql/*/bin /usr/pgsql*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin \
    /usr/local/opt/postgresql*/bin /Applications/Postgres.app/Contents/Versions/*/bin; do
    [ -x "$place/initdb" ] && return
  done
  command -v initdb > /dev/null && return
  install postgresql '`dnf install postgresql-server`, `apk add postgresql` or `brew install postgresql@17`'
}

need_node() { # what the pages embed, as package-lock.json pins it
  need node nodejs '`dnf install nodejs`, `apk add nodejs npm` or `brew install node`'
  need npm npm '`dnf install npm`, `apk add npm` or `brew install node`'
  local installed=node_modules/.package-lock.json
  [ -f "$installed" ] && [ ! package-lock.json -nt "$installed" ] && return
  npm ci --ignore-scripts --no-audit --no-fund > /dev/null && touch "$installed" && return
  echo "error: the scripts that the pages embed could not be fetched" >&2
  echo "hint: \`npm ci\` says why; it needs the npm registry once" >&2
  exit 1
}

need_chromium() { # what the browser tests drive; CHROMIUM names another one
  [ -n "${CHROMIUM:-}" ] && return
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    CHROMIUM=$(command -v "$name") && export CHROMIUM && return
  done
  need chromium chromium '`dnf install chromium`, `apk add chromium` or `brew install --cask chromium`'
  CHROMIUM=$(command -v chromium) && export CHROMIUM
}
