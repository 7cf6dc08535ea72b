"""Frames as an old phone's camera would see them: a code on paper, at an angle, small, blurred, cracked, in low light."""

import random
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from safeconduct.passes.pass_format import qr

WIDTH, HEIGHT = 1280, 720
CONDITIONS = ("plain", "angle", "small", "blurred", "low light", "cracked", "glare", "all together")


def paper(text, size):
    """A sheet with the code of a pass, `size` pixels wide."""
    raw = BytesIO()
    qr(text).save(raw, kind="png", scale=8, border=4)
    code = Image.open(raw).convert("L")
    sheet = Image.new("L", (int(code.width * 1.3), int(code.height * 1.6)), 238)
    sheet.paste(code.point(lambda value: 30 if value < 128 else 235), (int(code.width * 0.15), int(code.height * 0.2)))
    draw = ImageDraw.Draw(sheet)
    for line in range(5):
        draw.rectangle(
            (60, int(code.height * 1.25) + 22 * line, 60 + 47 * (9 - line), int(code.height * 1.25) + 22 * line + 8),
            fill=90,
        )
    scale = size / sheet.width
    return sheet.resize((size, int(sheet.height * scale)), Image.Resampling.LANCZOS)


def seen_from(sheet, rng, lean):
    """The sheet turned and leaning, on a table."""
    turned = sheet.rotate(
        rng.uniform(-25, 25) * (lean > 0), resample=Image.Resampling.BICUBIC, expand=True, fillcolor=110
    )
    w, h = turned.size
    d = [rng.uniform(0, lean) for _ in range(4)]
    corners = [
        (d[0] * w, d[1] * h),
        (d[2] * w * -1, d[3] * h),
        (w + d[1] * w, h - d[2] * h * -1),
        (w - d[3] * w * -1, h),
    ]
    source = [(0, 0), (0, h), (w, h), (w, 0)]
    target = [(-corners[0][0], -corners[0][1]), (corners[1][0], h + corners[1][1]), corners[2], (corners[3][0], 0)]
    bent = turned.transform(
        (w, h), Image.Transform.PERSPECTIVE, coefficients(source, target), Image.Resampling.BICUBIC, fillcolor=110
    )
    table = Image.new("L", (WIDTH, HEIGHT), 110)
    x = (WIDTH - w) // 2 + int(rng.uniform(-0.08, 0.08) * WIDTH)
    table.paste(bent, (x, (HEIGHT - h) // 2 + int(rng.uniform(-0.05, 0.05) * HEIGHT)))
    return table


def coefficients(source, target):
    """The eight numbers of the perspective that puts `source` where `target` is read."""
    rows = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]]
    for i in range(8):  # Gauss, with the largest pivot
        best = max(range(i, 8), key=lambda row: abs(rows[row][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for row in range(8):
            if row != i:
                factor = rows[row][i] / rows[i][i]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[i], strict=True)]
    return [rows[i][8] / rows[i][i] for i in range(8)]


def frame(text, condition, seed):
    """One frame of 1280 × 720 in a condition of `CONDITIONS`."""
    rng = random.Random(seed)
    many = condition == "all together"
    size = rng.randint(210, 260) if condition == "small" else rng.randint(330, 430)
    lean = rng.uniform(0.08, 0.16) if condition == "angle" or many else 0.02
    picture = seen_from(paper(text, size), rng, lean)
    if condition == "cracked" or many:
        draw = ImageDraw.Draw(picture)
        for _ in range(3):
            x, y = rng.randint(420, 860), 0
            while y < HEIGHT:
                step = x + rng.randint(-40, 40), y + rng.randint(30, 90)
                draw.line((x, y, *step), fill=rng.choice((40, 250)), width=1 if many else 2)
                x, y = step
    if condition == "blurred" or many:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(1.4, 1.9) if condition == "blurred" else 0.9))
    if condition == "low light" or many:
        picture = ImageEnhance.Brightness(picture).enhance(
            rng.uniform(0.16, 0.25) if condition == "low light" else 0.45
        )
    if condition == "glare":
        light = Image.radial_gradient("L").resize((900, 900)).point(lambda value: max(0, 150 - value))
        spot = Image.new("L", picture.size, 0)
        spot.paste(light, (rng.randint(100, 500), rng.randint(-300, 100)))
        picture = ImageChops.add(picture, spot)
    noise = Image.effect_noise(picture.size, 18 if condition == "low light" else 9)
    picture = ImageChops.add(picture, noise, scale=1, offset=-128)
    return picture.convert("RGB")


def jpeg(picture, quality=70):
    """The frame as the camera hands it over."""
    raw = BytesIO()
    picture.save(raw, "JPEG", quality=quality)
    return raw.getvalue()


def film(path, scenes):
    """Write (picture, frames) after each other as a film that Chromium takes for its camera."""
    with path.open("wb") as file:
        for picture, count in scenes:
            file.write(jpeg(picture) * count)
