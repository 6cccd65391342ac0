-- Hourly readings at the three airports of New York; each is known an hour after the hour it describes.
SELECT origin, time_hour, temp, dewp, humid, wind_dir, wind_speed, wind_gust, precip, pressure, visib
FROM weather
