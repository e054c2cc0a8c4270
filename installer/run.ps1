# Sets GB Desktop up (once) and opens it in practice mode on the sample cashback sheet.
# NOT YET RUN: written beside run.sh and reviewed, but no Windows computer has tried it.
#
#   powershell -ExecutionPolicy Bypass -File installer\run.ps1 [ARGUMENTS]
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $PSScriptRoot
$venv = if ($env:GB_DESKTOP_VENV) { $env:GB_DESKTOP_VENV } else { Join-Path $root '.venv' }
$app = Join-Path $venv 'Scripts\gb-desktop.exe'
$stampFile = Join-Path $venv 'gb-desktop.stamp'
$pinFiles = (Join-Path $root 'pyproject.toml'), (Join-Path $root 'installer\constraints.txt')
$pins = ($pinFiles | ForEach-Object { (Get-FileHash -Algorithm SHA256 $_).Hash }) -join ' '
$stamp = "run $pins $root"

# The first Python that is 3.11 or newer, as the words that start it.
function Find-Python {
    foreach ($words in @('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11'), @(, 'python')) {
        if (-not (Get-Command $words[0] -ErrorAction SilentlyContinue)) { continue }
        $rest = @($words | Select-Object -Skip 1)
        & $words[0] @rest -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>$null
        if ($LASTEXITCODE -eq 0) { return , $words }
    }
    Write-Host 'GB Desktop needs Python 3.11 or newer, and none was found: install it from python.org.'
    exit 1
}

$present = if (Test-Path $stampFile) { (Get-Content $stampFile -Raw).Trim() } else { '' }
if ($present -ne $stamp -or -not (Test-Path $app)) {
    $words = Find-Python
    $rest = @($words | Select-Object -Skip 1)
    Write-Host 'Installing GB Desktop and what it needs (once; some minutes)'
    & $words[0] @rest -m venv $venv
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    & (Join-Path $venv 'Scripts\python.exe') -m pip install --quiet --disable-pip-version-check --no-input `
        -c (Join-Path $root 'installer\constraints.txt') -e $root
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    Set-Content -Path $stampFile -Value $stamp
}

if ($args.Count -gt 0) { & $app @args }
else { & $app (Join-Path $root 'resources\samples\cashback.xlsx') --practice }
exit $LASTEXITCODE
